-- Read a document and start its expiry anew. Where there is none, nothing is written.
--
-- KEYS[1]  the document
-- KEYS[2]  the owner's index
-- ARGV[1]  the document's name
-- ARGV[2]  seconds until it expires
-- reply    what is stored, nil for nothing
local current = redis.call('GETEX', KEYS[1], 'EX', ARGV[2])
if current then
  if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then
    redis.call('HSET', KEYS[2], ARGV[1], '')
  end
  keep_index(KEYS[2], ARGV[2] * 1000)
end
return current
