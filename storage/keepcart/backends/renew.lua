-- Read a document and start its expiry anew. Where there is none, nothing is written.
--
-- KEYS[1]  the document
-- KEYS[2]  the owner's index
-- ARGV[1]  the document's name
-- ARGV[2]  seconds until it expires
-- reply    what is stored, nil for nothing
local current = redis.call('GETEX', KEYS[1], 'EX', ARGV[2])
if current then
  add_to_index(KEYS[2], ARGV[1], KEYS[1])
end
return current
