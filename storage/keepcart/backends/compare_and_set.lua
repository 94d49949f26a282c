-- Store a record if, and only if, the version it replaces is still the stored one and its change is not forgotten.
--
-- KEYS[1]  the document
-- KEYS[2]  the owner's index; absent while a cluster moves the one without the other
-- ARGV[1]  the 11 character token that must be stored, '' if nothing may be
-- ARGV[2]  the record to store
-- ARGV[3]  seconds until it expires
-- ARGV[4]  the document's name
-- ARGV[5]  how many seconds ago the change in the record was made
-- reply    1 when stored; 0 when the owner was forgotten since, -1 for good; else what is stored now, nil for nothing
local index = KEYS[2]
local known = index and redis.call('HMGET', index, ':forgotten', ARGV[4])
if known and known[1] and seconds_ago(ARGV[5]) < tonumber(known[1]) then
  return tonumber(known[1]) >= 1e12 and -1 or 0
end
local current = redis.call('GET', KEYS[1])
local token = current and string.sub(current, 1, 11)
local expected = ARGV[1] ~= '' and ARGV[1]
if token ~= expected then
  return current
end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
if known then
  if not known[2] then
    redis.call('HSET', index, ARGV[4], '')
  end
  keep_index(index, ARGV[3] * 1000)
end
return 1
