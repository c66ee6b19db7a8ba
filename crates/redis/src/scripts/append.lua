-- Appends records. In: the epoch, what the connection knows the server by, the windows of keys and of tags;
-- then tag, fingerprint, id, key and the record itself of each. Out: number, tag, fingerprint and whether it
-- was stored before, of each.
local keys, keys_before, tags, tags_before = KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local s = state()
if not s then
  return {'wiped'}
end
if s.incarnation ~= ARGV[2] then
  return {'incarnation'}
end
if s.epoch ~= ARGV[1] then
  return {'epoch'}
end

-- What is remembered for a window is in two hashes: when the window is over, the newer one becomes the older.
local function turn(name, window, newer, older)
  local since = tonumber(s[name]) or s.now
  if s.now - since >= tonumber(window) then
    since = s.now
    redis.call('UNLINK', older)
    if redis.call('EXISTS', newer) == 1 then
      redis.call('RENAME', newer, older)
    end
  end
  redis.call('HSET', meta, name, whole(since))
end

local function known(name, newer, older)
  local value = redis.call('HGET', newer, name) or redis.call('HGET', older, name)
  if not value then
    return nil
  end
  local sequence, tag, fingerprint, epoch = string.match(value, '(%d+) (%d+) (%d+) (%d+)')
  -- What was lost with the tail is not known.
  if tonumber(sequence) <= valid_until(s, epoch) then
    return sequence, tag, fingerprint
  end
end

-- The first that is written: what does not fit the stream, or has no room, changes nothing.
local function add(tag, id, record)
  local entry = {'XADD', stream, id_of(s.head + 1), 'e', s.epoch, 't', tag, 'm', whole(s.now), 'r', record}
  if id ~= '' then
    table.insert(entry, 'i')
    table.insert(entry, id)
  end
  return redis.pcall(unpack(entry))
end

turn('keys_since', ARGV[3], keys, keys_before)
turn('tags_since', ARGV[4], tags, tags_before)
local answer = {'done'}
for at = 5, #ARGV, 5 do
  local tag, fingerprint, id, key, record = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
  local newer, older, name = keys, keys_before, key
  if key == '' then
    newer, older, name = tags, tags_before, tag
  end
  local sequence, first_tag, first_fingerprint = known(name, newer, older)
  if sequence and (key ~= '' or first_fingerprint == fingerprint) then
    table.insert(answer, {sequence, first_tag, first_fingerprint, '1'})
  else
    local added = add(tag, id, record)
    if type(added) == 'table' and added.err then
      if #answer > 1 then
        save(s)
      end
      return {'foreign', added.err}
    end
    s.head = s.head + 1
    s.head_tag = tag
    s.bytes = s.bytes + #record
    if id ~= '' then
      redis.call('ZADD', ids, 0, indexed(id, s.head))
    end
    local number = whole(s.head)
    redis.call('HSET', newer, name, number .. ' ' .. tag .. ' ' .. fingerprint .. ' ' .. s.epoch)
    table.insert(answer, {number, tag, fingerprint, '0'})
  end
end
trim(s, 64 + 2 * (#answer - 1))
save(s)
return answer
