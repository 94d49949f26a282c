-- Stands before every script that keeps the index of an owner: a hash whose fields are the names of the owner's
-- documents, and ':forgotten', the time of the last forget in seconds since 1970. It expires no earlier than any of them.
local function add_to_index(index, name, document)
  if redis.call('HEXISTS', index, name) == 0 then
    redis.call('HSET', index, name, '')
  end
  local left = redis.call('PTTL', document)
  if redis.call('PTTL', index) < left then
    redis.call('PEXPIRE', index, left)
  end
end

local function seconds_ago(age)
  local time = redis.call('TIME')
  return time[1] + time[2] / 1000000 - age
end

