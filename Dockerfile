# Keepcart as an image; docs/deployment.md says how to run it. Nothing here is needed to run from a checkout.

FROM python:3.13-slim AS build

# The packages first, and from the lock alone: an edit to the store does not install them again.
# --without-pip: the running store installs nothing. --only-binary: there is no compiler here, so a package without a
# wheel fails with its name. The image needs no tests of pandas, numpy and pyarrow, 70 MB.
# Bytecode is made now, since the store may write nothing here later, and is checked by hash: layers round the times of
# files, by which Python would take half of it for stale in every start.
COPY requirements.lock /
RUN python -m venv --without-pip /opt/venv \
    && python -m pip --python /opt/venv/bin/python install --no-cache-dir --no-compile --disable-pip-version-check \
        --only-binary :all: --require-hashes --requirement /requirements.lock \
    && find /opt/venv -type d -name tests -prune -exec rm -r {} +

# The library that keeps visits, as anybody installs it; setuptools builds it and goes.
COPY storage /srv/storage
RUN python -m pip --python /opt/venv/bin/python install --no-cache-dir --no-compile --disable-pip-version-check \
        --no-build-isolation --no-deps /srv/storage \
    && python -m pip --python /opt/venv/bin/python uninstall --yes --quiet setuptools \
    && /opt/venv/bin/python -m compileall -q -j 0 --invalidation-mode checked-hash /opt/venv

# Readable whatever the umask of the checkout was.
COPY app /srv/keepcart/app
COPY catalogue /srv/keepcart/catalogue
COPY texts /srv/keepcart/texts
COPY config.toml /srv/keepcart/
RUN chmod -R u=rwX,go=rX /srv/keepcart \
    && /opt/venv/bin/python -m compileall -q --invalidation-mode checked-hash /srv/keepcart

# Streamlit's files compressed and its fonts cut, into /opt/venv, since the store may write nothing there later. It takes
# half a minute of one core. What only this needs goes.
RUN cd /srv/keepcart \
    && /opt/venv/bin/python -B -m app static \
    && python -m pip --python /opt/venv/bin/python uninstall --yes --quiet brotli fonttools


FROM python:3.13-slim

# A number, since Kubernetes' runAsNonRoot cannot check a name; a fixed one, since files in volumes belong to numbers.
RUN groupadd --gid 10001 keepcart \
    && useradd --uid 10001 --gid keepcart --home-dir /tmp --no-create-home --shell /usr/sbin/nologin keepcart \
    && install --directory --owner keepcart --group keepcart --mode 0700 /data

COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/keepcart /srv/keepcart

# HOME is the one place besides /data that a read-only container (--read-only --tmpfs /tmp) can write to.
# Four slashes: an absolute path. Any setting of config.toml is overridden the same way, see docs/settings.md.
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    KEEPCART_STORAGE__URL=sqlite:////data/keepcart.db \
    KEEPCART_ORDERS__URL=sqlite:////data/orders.db

USER 10001:10001
WORKDIR /srv/keepcart
VOLUME /data
EXPOSE 8501

# Liveness only, so a storage that is away does not get the store restarted. Not urllib: it would ask a proxy if the
# environment names one.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8501, timeout=2); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]

# The exec form makes the server the process that gets SIGTERM. It tells open pages to reconnect and gives running requests
# five seconds, half of what `docker stop` waits before it kills. FORWARDED_ALLOW_IPS names the proxies to believe.
CMD ["python", "-m", "app", "serve", "--host", "0.0.0.0", "--port", "8501"]
