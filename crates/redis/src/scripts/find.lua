-- Finds the earliest record with an id. Out: its number; or nothing.
local prefix = redis.sha1hex(ARGV[1])
local at = 0
while true do
  local found = redis.call('ZRANGEBYLEX', ids, '[' .. prefix, '[' .. prefix .. '~', 'LIMIT', at, 16)
  for _, member in ipairs(found) do
    local sequence = tonumber(string.sub(member, -16))
    local entry = redis.call('XRANGE', stream, id_of(sequence), id_of(sequence))[1]
    if entry and fields(entry).i == ARGV[1] then
      return {'found', whole(sequence)}
    end
  end
  if #found < 16 then
    return {'none'}
  end
  at = at + 16
end
