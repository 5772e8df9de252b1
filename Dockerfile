# efinbot in a container:
#   docker build -t efinbot .
#   docker run -e EFINBOT_TOKEN=… -v efinbot:/data efinbot
#   docker run --rm efinbot efinbot ask "什么是开放银行"

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /source

# What changes seldom comes first, so that it is built once.
COPY requirements/run.txt requirements/build.txt requirements/
RUN python -m venv --without-pip /opt/efinbot \
 && python -m pip --python /opt/efinbot/bin/python install -q --no-compile --only-binary :all: \
      --no-deps --require-hashes -r requirements/run.txt \
 && python -m pip --python /opt/efinbot/bin/python check \
 && python -m venv --without-pip /opt/builder \
 && python -m pip --python /opt/builder/bin/python install -q --no-deps \
      --require-hashes -r requirements/build.txt

COPY pyproject.toml README.md LICENSE ./
COPY knowledge knowledge
COPY intents intents
COPY bot bot
COPY sandbox sandbox
RUN python -m pip --python /opt/builder/bin/python wheel -q --no-deps --no-build-isolation --no-index \
      --wheel-dir /wheel . \
 && python -m pip --python /opt/efinbot/bin/python install -q --no-compile --no-deps --no-index /wheel/*.whl

# Nobody changes these files, so Python needn't compare them with their bytecode. The first answer
# builds the engine for the shipped knowledge, which takes seconds, and keeps it in the cache, as the
# first picture does with what it finds out about fonts.
RUN cd /opt/efinbot/lib/python*/site-packages \
 && find numpy scipy matplotlib -type d \( -name tests -o -name sample_data \) -prune -exec rm -r {} + \
 && /opt/efinbot/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/efinbot/lib \
 && XDG_CACHE_HOME=/var/cache /opt/efinbot/bin/efinbot ask hello \
 && MPLCONFIGDIR=/var/cache/efinbot/matplotlib /opt/efinbot/bin/python -c "import matplotlib.font_manager" \
 && chmod -R a+rX /var/cache/efinbot

FROM python:3.13-slim
COPY --from=build /opt/efinbot /opt/efinbot
COPY --from=build --chown=10001:10001 /var/cache/efinbot /var/cache/efinbot
RUN install -d -o 10001 -g 10001 /data
# Answering multiplies small vectors: more threads would only get in each other's way.
ENV PATH=/opt/efinbot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    OMP_NUM_THREADS=1 \
    HOME=/data \
    XDG_CACHE_HOME=/var/cache \
    MPLCONFIGDIR=/var/cache/efinbot/matplotlib \
    EFINBOT_DATABASE_URL=sqlite:////data/state.db
WORKDIR /data
VOLUME /data
USER 10001:10001
STOPSIGNAL SIGTERM
CMD ["efinbot", "run"]
