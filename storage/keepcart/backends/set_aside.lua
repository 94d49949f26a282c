-- Rename a document if, and only if, it is still what its reader could not use. RENAME takes the expiry along.
--
-- KEYS[1]  the document
-- KEYS[2]  its new key, whose name is the document's with '.corrupt'; what is there is replaced
-- KEYS[3]  the owner's index
-- ARGV[1]  the document's name
-- ARGV[2]  what must be stored; absent where it must be a key of another type than string
-- reply    1 when moved, else 0
local kind = redis.call('TYPE', KEYS[1]).ok
local same
if ARGV[2] then
  same = kind == 'string' and redis.call('GET', KEYS[1]) == ARGV[2]
else
  same = kind ~= 'string' and kind ~= 'none'
end
if not same then
  return 0
end
redis.call('RENAME', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[3], ARGV[1], '')
keep_index(KEYS[3], redis.call('PTTL', KEYS[2]))
return 1
