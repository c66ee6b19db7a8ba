-- Where the history begins and ends. What has become too old is dropped first.
local s = state()
if not s then
  return {'wiped'}
end
if s.age > 0 then
  local before = s.trimmed
  trim(s, 256)
  if s.trimmed ~= before then
    save(s)
  end
end
return bounds(s)
