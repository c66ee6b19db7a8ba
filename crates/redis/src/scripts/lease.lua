-- Renews a node's lease. In: the node, milliseconds. Out: whether it is new; then the others that have expired.
local leases = KEYS[8]
local now = milliseconds()
local is_new = redis.call('HSET', leases, ARGV[1], whole(now + tonumber(ARGV[2])))
local answer = {is_new == 1 and 'new' or 'renewed'}
local all = redis.call('HGETALL', leases)
for at = 1, #all, 2 do
  if all[at] ~= ARGV[1] and tonumber(all[at + 1]) <= now then
    table.insert(answer, all[at])
  end
end
return answer
