#!/bin/sh
# Compiles the native part. All paths come through the environment, so that no character in them needs quoting:
#   MT_PREFIX   where libtorch is installed, empty for the system's own include folders
#   MT_LIB      the folder of libtorch_cpu
#   MT_OUTPUT   the file to make
#   CXX         the compiler; default g++, else c++
set -eu

if [ -z "${CXX:-}" ]; then
    if command -v g++ >/dev/null; then CXX=g++; else CXX=c++; fi
fi
export CXX
# Named again, the system's own folder would come before the compiler's.
headers=${MT_PREFIX:-/usr}/include
if [ "$headers" = /usr/include ]; then headers=$headers/torch; fi
api=${MT_PREFIX:-/usr}/include/torch/csrc/api/include
export headers api

# Work in a folder of our own and rename at the end: a second build, or a killed one, never leaves half a library.
mkdir -p "$(dirname "$MT_OUTPUT")"
work=$(mktemp -d "$(dirname "$MT_OUTPUT")/compile.XXXXXX")
export work
trap 'rm -rf "$work"' EXIT

jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
# The unit that takes longest first. NDEBUG as in libtorch's own build: some of its classes have another layout without.
printf '%s\n' archive group autograd dispatch record allocator process tensor | xargs -P "$jobs" -I UNIT sh -c '
    ${CXX} -std=c++17 -O2 -DNDEBUG -fPIC -fvisibility=hidden -Wall -Wno-sign-compare \
        -isystem "$headers" -isystem "$api" -c UNIT.cpp -o "$work/UNIT.o"'

${CXX} -shared -o "$work/library" "$work"/*.o -L"$MT_LIB" -ltorch_cpu -lc10 -Wl,-rpath,"$MT_LIB"
mv -f "$work/library" "$MT_OUTPUT"
