"""Real servers, each a process at a free loopback port, and the networks in front of them."""

from testbed.servers.bad_network import Proxy
from testbed.servers.balancer import Balancer
from testbed.servers.postgres import PostgresServer, require_postgres, running_postgres
from testbed.servers.process import START_SECONDS, Server, assert_allowed, forbid_servers, free_port
from testbed.servers.redis_cluster import RedisCluster, redis_cluster
from testbed.servers.redis_sentinel import RedisSentinel, redis_sentinel
from testbed.servers.redis_server import RedisServer, redis_server, require_redis_server
from testbed.servers.store import Store, running_store

__all__ = [
    "START_SECONDS",
    "Balancer",
    "PostgresServer",
    "Proxy",
    "RedisCluster",
    "RedisSentinel",
    "RedisServer",
    "Server",
    "Store",
    "assert_allowed",
    "forbid_servers",
    "free_port",
    "redis_cluster",
    "redis_sentinel",
    "redis_server",
    "require_postgres",
    "require_redis_server",
    "running_postgres",
    "running_store",
]
