#!/bin/sh
# Makes what a release consists of, in artifacts/: an archive and a Debian package for each kind of machine, and their checksums.
#
#   deploy/release.sh [linux-x64] [linux-arm64]
#
# Needs the .NET SDK, tar and dpkg-deb.
set -eu
cd "$(dirname "$0")/.."
version=$(sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' Directory.Build.props)
out=artifacts
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Files of a release do not depend on when they were packed.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 0)
export SOURCE_DATE_EPOCH

[ $# -gt 0 ] || set -- linux-x64 linux-arm64
for rid in "$@"; do
  case $rid in
    linux-x64) arch=amd64 ;;
    linux-arm64) arch=arm64 ;;
    *) echo "release.sh: no release for $rid" >&2; exit 2 ;;
  esac
  dotnet publish Telemt.Worker -c Release -r "$rid" -o "$work/$rid" -v quiet

  name=telemt-$version-$rid
  mkdir "$work/$name"
  install -m 755 "$work/$rid/telemt" deploy/install.sh "$work/$name/"
  install -m 644 deploy/telemt.service deploy/60-telemt.conf telemt.toml README.md LICENSE "$work/$name/"
  tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -cf - "$name" | gzip -9n > "$out/$name.tar.gz"

  root=$work/deb-$arch
  mkdir -p "$root/DEBIAN"
  install -D -m 755 "$work/$rid/telemt" "$root/usr/bin/telemt"
  sed 's|/opt/telemt/telemt|/usr/bin/telemt|g' deploy/telemt.service > "$work/telemt.service"
  install -D -m 644 "$work/telemt.service" "$root/usr/lib/systemd/system/telemt.service"
  install -D -m 644 LICENSE "$root/usr/share/doc/telemt/copyright"
  install -D -m 644 telemt.toml "$root/usr/share/doc/telemt/examples/telemt.toml"
  install -D -m 644 deploy/60-telemt.conf "$root/usr/share/doc/telemt/examples/60-telemt.conf"
  size=$(du -sk --exclude=DEBIAN "$root" | cut -f1)
  sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$size/" deploy/debian/control > "$root/DEBIAN/control"
  install -m 755 deploy/debian/postinst deploy/debian/prerm deploy/debian/postrm "$root/DEBIAN/"
  dpkg-deb --root-owner-group --build "$root" "$out/telemt_${version}_$arch.deb" >/dev/null
done
(cd "$out" && sha256sum telemt*"$version"* > SHA256SUMS)
ls -l "$out"
