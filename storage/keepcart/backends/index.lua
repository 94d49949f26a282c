-- Stands before every script.
--
-- The index of an owner is a hash. Its fields are the names of the owner's documents, and ':forgotten' with the time of
-- the last forget, in seconds since 1970. It expires no earlier than any of the documents.
local function seconds_ago(age)
  local time = redis.call('TIME')
  return time[1] + time[2] / 1000000 - age
end

-- With an hour to spare for each day, so that most saves need not touch it.
local function keep_index(index, milliseconds)
  if redis.call('PTTL', index) < milliseconds then
    redis.call('PEXPIRE', index, milliseconds + math.floor(milliseconds / 86400000) * 3600000)
  end
end

