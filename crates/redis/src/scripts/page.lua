-- Reads records. In: the number that they are behind, how many, how many bytes. Out: the epoch, horizon, head;
-- then number, tag and the record itself of each, without a hole.
local s = state()
if not s then
  return {'wiped'}
end
local after, most, most_bytes = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local oldest = horizon(s)
local records, bytes, next_one = {}, 0, nil
local step = 8
while #records < most and after < s.head do
  local entries = redis.call('XRANGE', stream, '(' .. id_of(after), '+', 'COUNT', math.min(step, most - #records))
  for _, entry in ipairs(entries) do
    local sequence, f = sequence_of(entry[1]), fields(entry)
    if not sequence or not f.t or not f.r then
      return {'written', stream}
    end
    bytes = bytes + #f.r
    local full = bytes > most_bytes and #records > 0
    if full or (next_one and sequence ~= next_one) then
      after = math.huge
      break
    end
    if not next_one and sequence > after + 1 then
      oldest = math.max(oldest, sequence)
    end
    table.insert(records, {whole(sequence), f.t, f.r})
    next_one = sequence + 1
    after = sequence
  end
  if #entries == 0 then
    break
  end
  local average = math.max(1, bytes / math.max(1, #records))
  step = math.max(1, math.min(256, math.floor((most_bytes - bytes) / average)))
end
return {'page', s.epoch, whole(oldest), whole(s.head), records}
