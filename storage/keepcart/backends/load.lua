-- Read documents of an owner, and start their expiry anew. Where there is none, nothing is written.
--
-- KEYS[1]  the owner's index
-- KEYS     then the documents
-- ARGV[1]  seconds until they expire, '' to leave that as it is
-- ARGV     then the documents' names
-- reply    for each what is stored, nil for nothing, an error for a key of another type than string
--
-- Renewing writes: a replica, a full memory, a failed snapshot or an access list refuse it. Then GET reads.
local index, found, renewed = KEYS[1], {}, false
for at = 2, #KEYS do
  local current = ARGV[1] ~= '' and redis.pcall('GETEX', KEYS[at], 'EX', ARGV[1])
  if type(current) ~= 'string' then
    current = redis.pcall('GET', KEYS[at])
  else
    renewed = true
    if redis.call('HEXISTS', index, ARGV[at]) == 0 then
      redis.call('HSET', index, ARGV[at], '')
    end
  end
  found[at - 1] = current
end
if renewed then
  keep_index(index, ARGV[1] * 1000)
end
return found
