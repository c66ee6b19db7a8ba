-- Lets a connection in. In: what the server is known by, an epoch that nobody has yet. Out: the bounds; or
-- what is in the way. A server that is not the one of before may lack what that one had: the epoch ends here.
local kinds = {'stream', 'hash', 'zset', 'hash', 'hash', 'hash', 'hash', 'hash', 'hash'}
for at, kind in ipairs(kinds) do
  local is = redis.call('TYPE', KEYS[at]).ok
  if is ~= 'none' and is ~= kind then
    return {'kind', KEYS[at], is}
  end
end
local version = redis.call('HGET', meta, 'version')
if version and version ~= '1' then
  return {'version', version}
end
local exists = redis.call('EXISTS', stream) == 1
local s = state()
local top = 0
if exists then
  local about = redis.call('XINFO', 'STREAM', stream)
  for at = 1, #about, 2 do
    if about[at] == 'last-generated-id' then
      top = sequence_of(about[at + 1])
    end
  end
end
if (exists and not s) or not top or (s and top > s.head) then
  return {'written', stream}
end
if not s then
  redis.call('UNLINK', ids, KEYS[4], KEYS[5], KEYS[6], KEYS[7])
  s = {epoch = ARGV[2], incarnation = ARGV[1], lineage = '', head = 0, head_tag = '0', bytes = 0,
    now = milliseconds(), trimmed = 0, trimmed_tag = '0'}
  redis.call('HSET', meta, 'version', '1', 'events', ARGV[3], 'most_bytes', ARGV[4], 'age', ARGV[5])
  save(s)
elseif s.incarnation ~= ARGV[1] then
  fork(s, ARGV[2])
  s.incarnation = ARGV[1]
  save(s)
end
return bounds(s)
