-- Give everything that is stored for an owner. Nothing is written.
--
-- KEYS[1]  the owner's index
-- ARGV     names under which a release without an index may have stored something
-- reply    name, content, name, content and so on; 0 as the content of a key of another type than string
local found, seen = {}, {}

local function look(name)
  local key = KEYS[1] .. ':' .. name
  local kind = redis.call('TYPE', key).ok
  if seen[name] or kind == 'none' then
    return
  end
  seen[name] = true
  found[#found + 1] = name
  found[#found + 1] = kind == 'string' and redis.call('GET', key) or 0
end

for _, names in ipairs({redis.call('HKEYS', KEYS[1]), ARGV}) do
  for _, name in ipairs(names) do
    if name ~= ':forgotten' then
      look(name)
      look(name .. '.corrupt')
    end
  end
end
return found
