-- Ends an epoch behind a record, once. In: the epoch, the record's number, an epoch that nobody has yet. Out:
-- the bounds; or that there is more to drop, with the number that was reached.
local s = state()
if not s then
  return {'wiped'}
end
if s.epoch ~= ARGV[1] then
  return bounds(s)
end
local last = math.max(tonumber(ARGV[2]), horizon(s) - 1)
local lost = redis.call('XREVRANGE', stream, '+', id_of(last + 1), 'COUNT', 1000)
for _, entry in ipairs(lost) do
  local sequence, f = sequence_of(entry[1]), fields(entry)
  redis.call('XDEL', stream, entry[1])
  if sequence then
    s.bytes = s.bytes - #(f.r or '')
    if f.i then
      redis.call('ZREM', ids, indexed(f.i, sequence))
    end
    s.head = sequence - 1
  end
end
if #lost == 1000 then
  save(s)
  return {'more'}
end
s.head = math.min(s.head, last)
local newest = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
if newest then
  s.head_tag = fields(newest).t
elseif s.trimmed == s.head then
  s.head_tag = s.trimmed_tag
elseif #lost > 0 then
  s.head_tag = '0'
end
if redis.call('EXISTS', stream) == 1 then
  redis.call('XSETID', stream, id_of(s.head))
end
fork(s, ARGV[3])
save(s)
return bounds(s)
