# Flags of all our own code. What differs between presets stands in CMakePresets.json.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

add_library(house_flags INTERFACE)
target_compile_options(house_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wswitch-enum -Wmissing-prototypes -Wundef -Werror
    # A failed check names a file of this tree, not of the builder's disk.
    -fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=)
target_compile_definitions(house_flags INTERFACE _GNU_SOURCE)
target_include_directories(house_flags INTERFACE
    ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/server ${CMAKE_SOURCE_DIR}/client-sdk/c/include)
