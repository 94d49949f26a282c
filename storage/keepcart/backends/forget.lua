-- Delete every document of an owner and keep the time, so that older changes are refused.
--
-- KEYS[1]  the owner's index
-- ARGV[1]  how many seconds ago forgetting was asked for
-- ARGV[2]  seconds for which the time is kept
-- ARGV[3]  the time to keep instead, where the owner is forgotten for good
--
-- One DEL with the index among its keys: while a cluster moves only some of them it is refused as a whole.
local index = KEYS[1]
local gone = {index}
for _, name in ipairs(redis.call('HKEYS', index)) do
  if name ~= ':forgotten' then
    gone[#gone + 1] = index .. ':' .. name
    gone[#gone + 1] = index .. ':' .. name .. '.corrupt'
  end
end
local forgotten = tonumber(redis.call('HGET', index, ':forgotten') or 0)
local kept = math.max(redis.call('PTTL', index), ARGV[2] * 1000)
redis.call('DEL', unpack(gone))
redis.call('HSET', index, ':forgotten', string.format('%.6f', math.max(forgotten, tonumber(ARGV[3]) or seconds_ago(ARGV[1]))))
redis.call('PEXPIRE', index, kept)
