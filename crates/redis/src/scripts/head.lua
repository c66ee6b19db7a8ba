-- What the scripts share. The keys are the same for all of them. Numbers of records fit a double; tags,
-- fingerprints and epochs do not, and stay texts.
local stream, meta, ids = KEYS[1], KEYS[2], KEYS[3]
local MOST_FORKS = 64

local function whole(number)
  return string.format('%.0f', number)
end

local function id_of(sequence)
  return '0-' .. whole(sequence)
end

-- The number of an entry of ours; nothing for one that others wrote.
local function sequence_of(id)
  local digits = string.match(id, '^0%-(%d+)$')
  return digits and tonumber(digits)
end

local function fields(entry)
  local found = {}
  for at = 1, #entry[2], 2 do
    found[entry[2][at]] = entry[2][at + 1]
  end
  return found
end

local function milliseconds()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function state()
  local flat = redis.call('HGETALL', meta)
  local found = {}
  for at = 1, #flat, 2 do
    found[flat[at]] = flat[at + 1]
  end
  if not found.epoch then
    return nil
  end
  for _, name in ipairs({'head', 'bytes', 'events', 'most_bytes', 'age', 'now', 'trimmed'}) do
    found[name] = tonumber(found[name]) or 0
  end
  -- A clock that goes back keeps records for longer, never for less.
  found.now = math.max(found.now, milliseconds())
  return found
end

-- The last number that an epoch has in common with the one in force.
local function valid_until(s, epoch)
  if epoch == s.epoch then
    return math.huge
  end
  local least
  for known, last in string.gmatch(s.lineage, '(%d+):(%d+)') do
    if known == epoch or least then
      least = math.min(least or math.huge, tonumber(last))
    end
  end
  return least or -1
end

local function indexed(id, sequence)
  return redis.sha1hex(id) .. string.format('%016.0f', sequence)
end

local function horizon(s)
  local first = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
  local sequence = first and sequence_of(first[1])
  return sequence or s.head + 1
end

-- Drops the oldest beyond what is kept, so many at most; never the newest. Returns whether it got through.
local function trim(s, most)
  local step = 1
  while most > 0 do
    local last
    local through = true
    for _, entry in ipairs(redis.call('XRANGE', stream, '-', '+', 'COUNT', math.min(step, most))) do
      local sequence = sequence_of(entry[1])
      local f = fields(entry)
      local aged = s.age > 0 and s.now - tonumber(f.m or 0) > s.age
      local fits = sequence and s.head - sequence < s.events and s.bytes <= s.most_bytes
      if not sequence or sequence >= s.head or (fits and not aged) then
        through = true
        break
      end
      through = false
      last = sequence
      most = most - 1
      s.bytes = s.bytes - #(f.r or '')
      s.trimmed, s.trimmed_tag = sequence, f.t or ''
      if f.i then
        redis.call('ZREM', ids, indexed(f.i, sequence))
      end
    end
    if last then
      redis.call('XTRIM', stream, 'MINID', id_of(last + 1))
    end
    if through then
      return true
    end
    step = math.min(step * 2, 32)
  end
  return false
end

local function save(s)
  redis.call('HSET', meta, 'epoch', s.epoch, 'incarnation', s.incarnation, 'lineage', s.lineage,
    'head', whole(s.head), 'head_tag', s.head_tag, 'bytes', whole(s.bytes), 'now', whole(s.now),
    'trimmed', whole(s.trimmed), 'trimmed_tag', s.trimmed_tag)
end

-- Ends the epoch in force behind the head.
local function fork(s, epoch)
  local kept = {}
  for known in string.gmatch(s.lineage .. s.epoch .. ':' .. whole(s.head) .. ' ', '%d+:%d+') do
    table.insert(kept, known)
  end
  local first = math.max(1, #kept - MOST_FORKS + 1)
  s.lineage = table.concat(kept, ' ', first) .. ' '
  s.epoch = epoch
end

local function bounds(s)
  local oldest = horizon(s)
  local before = ''
  if oldest == 1 then
    before = '0'
  elseif s.trimmed == oldest - 1 then
    before = s.trimmed_tag
  elseif s.head == oldest - 1 then
    before = s.head_tag
  end
  return {'bounds', s.epoch, s.lineage, whole(oldest), whole(s.head), s.head_tag, before}
end
