#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image. It installs nothing outside of the image's own packages and
# /autograder/kit.
set -eu
cd "$(dirname "$0")"
needed=$(cat python-version)
kit=/autograder/kit
export DEBIAN_FRONTEND=noninteractive

fits() {  # whether this Python is new enough and can make an environment
  "$1" -c "import ensurepip, sys, venv; sys.exit(sys.version_info < tuple(map(int, '$needed'.split('.'))))" 2>/dev/null
}

find_python() {
  for name in python3.14 python3.13 python3.12 python3.11 python3; do
    if fits "$name"; then echo "$name"; return; fi
  done
  return 1
}

apt-get update -qq
apt-get install -y -qq --no-install-recommends libseccomp2 ca-certificates >/dev/null

# Ubuntu 22.04 has Python 3.10 as python3, and 3.11 under its own name. Where no package is new enough, uv, which is on
# PyPI, brings one.
if ! find_python >/dev/null; then
  for version in 3.14 3.13 3.12 3.11; do
    apt-get install -y -qq --no-install-recommends "python$version" "python$version-venv" >/dev/null 2>&1 && find_python >/dev/null && break
  done
fi
if ! python=$(find_python); then
  apt-get install -y -qq --no-install-recommends python3-pip >/dev/null
  python3 -m pip install --quiet uv
  UV_PYTHON_INSTALL_DIR=/autograder/python python3 -m uv python install "$needed"
  python=$(UV_PYTHON_INSTALL_DIR=/autograder/python python3 -m uv python find "$needed")
fi

"$python" -m venv "$kit"
"$kit/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --requirement requirements.txt
"$kit/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps ./*.whl
chmod -R go-rwx "$kit" /autograder/source
"$kit/bin/python" -c "import autograder.gradescope.run"
echo "The kit is installed with $("$kit/bin/python" --version)."
