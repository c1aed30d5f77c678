#!/usr/bin/env bash
# What a screen reader says of a page: Orca reads it from top to bottom in Chromium, on a display of its own, and what it
# would speak is printed. Needs Debian's orca, speech-dispatcher, at-spi2-core, dbus, xvfb, openbox, xdotool and chromium.
#
#   scripts/read-aloud.sh PAGE.html [SECONDS]
set -euo pipefail
page=$(realpath "$1")
seconds=${2:-60}
if [ -z "${READ_ALOUD_BUS:-}" ]; then
  exec env READ_ALOUD_BUS=1 dbus-run-session -- "$0" "$page" "$seconds"
fi
folder=$(mktemp -d)
started=()
stop() {
  kill "${started[@]}" 2>/dev/null || true
  sleep 1
  rm -rf "$folder" || true
}
trap stop EXIT
start() {
  "$@" >/dev/null 2>&1 &
  started+=($!)
}
export HOME=$folder XDG_RUNTIME_DIR=$folder/run
mkdir -p "$HOME/.config/speech-dispatcher"
mkdir -m 700 "$XDG_RUNTIME_DIR"
# Nobody listens: a voice that says everything at once and needs no sound card.
cat >"$HOME/.config/speech-dispatcher/speechd.conf" <<'CONF'
AudioOutputMethod "null"
AddModule "dummy" "sd_dummy" ""
DefaultModule dummy
CONF
exec 3< <(exec Xvfb -displayfd 1 -screen 0 1400x1000x24 2>/dev/null)
started+=($!)
read -r display <&3
export DISPLAY=:$display
start openbox
gsettings set org.gnome.desktop.interface toolkit-accessibility true
gsettings set org.gnome.desktop.a11y.applications screen-reader-enabled true
start /usr/libexec/at-spi-bus-launcher --launch-immediately --a11y=1
sleep 2
start orca --debug-file="$folder/orca.out"
sleep 5
start chromium --no-sandbox --no-first-run --disable-gpu --force-renderer-accessibility --user-data-dir="$folder/profile" \
  --window-size=1300,900 "file://$page"
sleep 10
xdotool mousemove 900 600 click 1
sleep "$seconds"
grep -a 'SPEECH OUTPUT' "$folder/orca.out" | sed "s/.*SPEECH OUTPUT: //; s/{'established.*//"
