-- Sets what is kept, and drops what is beyond it. In: records, bytes, milliseconds or 0. Out: whether it has
-- to be called again.
local s = state()
if not s then
  return {'wiped'}
end
redis.call('HSET', meta, 'events', ARGV[1], 'most_bytes', ARGV[2], 'age', ARGV[3])
s.events, s.most_bytes, s.age = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local through = trim(s, 2000)
save(s)
return {through and 'done' or 'more'}
