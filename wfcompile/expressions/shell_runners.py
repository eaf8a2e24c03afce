"""The programs that run the command in their words: a part of the table of `shell_programs.py`."""

from __future__ import annotations

from collections.abc import Mapping

from wfcompile.expressions.shell_usage import Role, Usage, options

RUNS: tuple[Role, ...] = ("command",)

_UV_OPTIONS = (
    "-p --python -m --module --with --with-editable --with-requirements --project -P -C -f -i"
    " --directory --env-file --extra --no-extra --group --no-group --only-group --package"
    " --index --default-index --index-url --extra-index-url --find-links --config-file --color"
    " --cache-dir --index-strategy --keyring-provider --resolution --prerelease --link-mode"
    " --exclude-newer --refresh-package --upgrade-package --config-setting --python-preference"
)
_EXEC = Usage(
    ("plain", "command"),
    options(
        "-e --env --env-file -u --user -w --workdir --detach-keys --index -f --file"
        " -p --project-name"
    ),
)
_RUN = Usage(
    ("plain", "command"),
    options(
        "-e --env --env-file -u --user -w --workdir --detach-keys -v --volume -p --publish"
        " --mount --name -l --label --label-file --network --net --network-alias --add-host"
        " -h --hostname --domainname --dns --dns-search --dns-option --ip --ip6 --link"
        " --link-local-ip --mac-address --expose -m --memory --memory-swap --memory-reservation"
        " --memory-swappiness -c --cpu-shares --cpus --cpuset-cpus --cpuset-mems --cpu-period"
        " --cpu-quota --blkio-weight --shm-size --tmpfs --ulimit --restart --rm-after"
        " --device --device-cgroup-rule --gpus --group-add --cap-add --cap-drop"
        " --security-opt --isolation --pid --ipc --uts --userns --cgroupns --cgroup-parent"
        " --log-driver --log-opt --platform --pull --runtime --stop-signal --stop-timeout"
        " --storage-opt --sysctl --volume-driver --volumes-from --health-cmd --annotation"
        " --health-interval --health-retries --health-timeout --health-start-period -a"
        " --attach --cidfile --oom-score-adj --pids-limit --kernel-memory --secret --pod"
        " --authfile --arch --os --userns",
        file="--entrypoint",
    ),
)
RUNNERS: Mapping[str, Usage] = {
    "env": Usage(
        RUNS,
        options("-u --unset -C --chdir", code="-S --split-string"),
        assigns=True,
    ),
    "sudo": Usage(
        RUNS,
        options("-C -D -g -h -p -R -r -T -t -U -u --user --group --host --prompt"),
        assigns=True,
    ),
    "doas": Usage(RUNS, options("-C -u")),
    **dict.fromkeys(
        (
            *(
                "nohup",
                "setsid",
                "busybox",
                "fakeroot",
                "unbuffer",
                "catchsegv",
                "proxychains",
            ),
            *("torsocks", "setpriv", "dumb-init", "tini", "pipenv run", "bundle exec"),
            *(
                "pdm run",
                "rye run",
                "yarn exec",
                "yarn run",
                "pnpm exec",
                "git bisect run",
            ),
        ),
        Usage(RUNS),
    ),
    **dict.fromkeys(
        ("chroot", "gosu", "su-exec", "envdir", "direnv exec", "chrt", "taskset"),
        Usage(("plain", "command")),
    ),
    "time": Usage(RUNS, options("-f -o --format --output")),
    "nice": Usage(RUNS, options("-n --adjustment")),
    "ionice": Usage(RUNS, options("-c -n -p -P -u --class --classdata")),
    "stdbuf": Usage(RUNS, options("-i -o -e --input --output --error")),
    "strace": Usage(RUNS, options("-a -b -e -E -I -o -O -p -P -s -S -u -U -X")),
    "timeout": Usage(("plain", "command"), options("-k -s --kill-after --signal")),
    "flock": Usage(
        ("plain", "command"), options("-w -E --timeout", code="-c --command")
    ),
    "xargs": Usage(
        RUNS,
        options(
            "-d -E -I -L -n -P -s --max-args --max-procs --delimiter",
            input="-a --arg-file",
        ),
        attached="eil",
    ),
    "uv run": Usage(RUNS, options(_UV_OPTIONS)),
    "poetry run": Usage(RUNS, options("-C --directory -P --project")),
    "systemd-run": Usage(
        RUNS,
        options(
            "--unit -u --slice --uid --gid -p --property -E --setenv --description -M"
            " --machine -H --host --working-directory --on-calendar --on-active"
        ),
    ),
    "start-stop-daemon": Usage(
        options=options(
            "-p --pidfile -u --user -c --chuid -n --name -s --signal -d --chdir",
            file="-x --exec -a --startas",
        )
    ),
    "screen": Usage(RUNS, options("-S -c -e -h -p -s -t -T -X")),
    **dict.fromkeys(("docker exec", "podman exec", "nerdctl exec"), _EXEC),
    **dict.fromkeys(("docker compose exec", "docker-compose exec"), _EXEC),
    **dict.fromkeys(("docker compose run", "docker-compose run"), _RUN),
    **dict.fromkeys(("docker run", "podman run", "nerdctl run"), _RUN),
    **dict.fromkeys(("docker create", "podman create"), _RUN),
}
