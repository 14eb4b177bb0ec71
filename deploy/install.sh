#!/bin/sh
# Installs Telemt from a release archive, or a new version over a running one. Needs root and systemd, no network.
#
#   tar xzf telemt-*-linux-x64.tar.gz && cd telemt-*/ && ./install.sh --domain www.example.com
#
# Safe to run again: a configuration that is there stays as it is, and a running proxy is restarted only for a new program or unit.
# The listening sockets stay open over the restart, so that nobody is refused.
set -eu

usage() {
  echo "usage: install.sh [--domain NAME] [--no-start]"
  echo "  --domain NAME   the site to hide behind, for a first installation (else edit /etc/telemt/telemt.toml)"
  echo "  --no-start      install only"
}

domain=
start=yes
while [ $# -gt 0 ]; do
  case $1 in
    --domain) [ $# -ge 2 ] || { usage >&2; exit 2; }; domain=$2; shift ;;
    --no-start) start=no ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

here=$(cd "$(dirname "$0")" && pwd)
die() { echo "install.sh: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || die "needs root: run it with sudo"
[ -x "$here/telemt" ] || die "$here/telemt is missing: unpack the whole archive"
command -v systemctl >/dev/null || die "needs systemd; see the README for containers"
"$here/telemt" version >/dev/null || die "$here/telemt does not run here: is the archive for $(uname -m)?"

# True when it was not there, or was another file.
put() {
  [ -e "$3" ] && cmp -s "$2" "$3" && return 1
  mkdir -p "$(dirname "$3")"
  # A running program cannot be written to, but another file may take its name.
  cp "$2" "$3.new" && chmod "$1" "$3.new" && mv "$3.new" "$3"
}

if ! getent passwd telemt >/dev/null; then
  useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin telemt
  echo "made the user telemt"
fi

changed=no
put 755 "$here/telemt" /opt/telemt/telemt && { changed=yes; echo "installed /opt/telemt/telemt"; }
put 644 "$here/telemt.service" /etc/systemd/system/telemt.service && { changed=yes; echo "installed telemt.service"; }
ln -sf /opt/telemt/telemt /usr/local/bin/telemt

# The service owns its folder: the web page and `telemt users` edit the file by renaming a new one over it.
install -d -o telemt -g telemt -m 750 /etc/telemt
if [ ! -e /etc/telemt/telemt.toml ]; then
  (cd /etc/telemt && umask 077 && /opt/telemt/telemt init telemt.toml ${domain:+--domain "$domain"} >/dev/null)
  echo "wrote /etc/telemt/telemt.toml with a fresh secret"
elif [ -n "$domain" ]; then
  echo "/etc/telemt/telemt.toml is there already: --domain is not used"
fi
chown telemt:telemt /etc/telemt/telemt.toml
chmod 600 /etc/telemt/telemt.toml

systemctl daemon-reload
if [ "$start" = no ]; then
  echo "not started: systemctl enable --now telemt"
  exit 0
fi

rc=0
/opt/telemt/telemt check /etc/telemt/telemt.toml || rc=$?
[ "$rc" -le 1 ] || die "mend /etc/telemt/telemt.toml, then run this again"
systemctl enable --quiet telemt
if systemctl is-active --quiet telemt; then
  [ "$changed" = no ] || { systemctl restart telemt && echo "restarted"; }
else
  systemctl start telemt && echo "started"
fi
/opt/telemt/telemt links /etc/telemt/telemt.toml
echo "status: systemctl status telemt    log: journalctl -u telemt    settings: /etc/telemt/telemt.toml"
echo "how all is: telemt doctor /etc/telemt/telemt.toml"
