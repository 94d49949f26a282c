-- Store a record if, and only if, the version it replaces is still the stored one.
--
-- KEYS[1]  the document
-- ARGV[1]  the 11 character token that must be stored, '' if nothing may be
-- ARGV[2]  the record to store
-- ARGV[3]  seconds until it expires
-- reply    1 when stored; else what is stored now, nil for nothing
local current = redis.call('GET', KEYS[1])
local token = current and string.sub(current, 1, 11)
local expected = ARGV[1] ~= '' and ARGV[1]
if token ~= expected then
  return current
end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
