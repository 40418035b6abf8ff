# Compiler, linker and cache settings shared by every target. Warnings are errors everywhere.
find_program(CCACHE ccache)
if(CCACHE)
  # The sloppiness flags are what ccache's manual asks for when precompiled headers are in use; the base folder lets one checkout use what
  # another compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # gcc 12 reports these falsely inside the standard library and Boost when optimising.
  add_compile_options(-fpch-preprocess -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-dangling-pointer -Wno-missing-field-initializers)
else()
  add_compile_options(-Wno-missing-field-initializers -Wno-gnu-zero-variadic-macro-arguments)
endif()
add_compile_definitions(_GLIBCXX_ASSERTIONS)
# Everything is linked into programs: none of it can be replaced from outside, as -fPIC would have the compiler believe.
add_compile_options(-fPIE)

if(SEKISHO_HARDEN)
  add_compile_options(-O2 -g1 -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  set(CMAKE_CXX_FLAGS_RELEASE "")
  add_link_options(-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -pie)
endif()
if(SEKISHO_SANITIZE)
  add_compile_options(-fsanitize=${SEKISHO_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SEKISHO_SANITIZE})
endif()
if(SEKISHO_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_compile_definitions(SK_FUZZING=1)
endif()
