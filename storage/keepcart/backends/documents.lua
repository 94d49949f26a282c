-- Give everything that is stored for an owner. Nothing is written.
--
-- KEYS[1]  the owner's index
-- ARGV     names under which a release without an index may have stored something
-- reply    name, content, name, content and so on; 0 as the content of a key of another type than string
--
-- One MGET with the index among its keys: while a cluster moves only some of them it is refused as a whole.
local keys, names, seen = {KEYS[1]}, {''}, {}

local function look(name)
  if not seen[name] then
    seen[name] = true
    keys[#keys + 1] = KEYS[1] .. ':' .. name
    names[#names + 1] = name
  end
end

for _, known in ipairs({redis.call('HKEYS', KEYS[1]), ARGV}) do
  for _, name in ipairs(known) do
    if name ~= ':forgotten' then
      look(name)
      look(name .. '.corrupt')
    end
  end
end

local found = {}
for at, content in ipairs(redis.call('MGET', unpack(keys))) do
  if at > 1 and (content or redis.call('TYPE', keys[at]).ok ~= 'none') then
    found[#found + 1] = names[at]
    found[#found + 1] = content or 0
  end
end
return found
