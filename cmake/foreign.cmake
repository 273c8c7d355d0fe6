# Foreign libraries, each as the target foreign_<name> that cmake/house.cmake speaks of. Imported targets
# bring their headers as SYSTEM, so that a warning in them does not stop the build.
find_package(PkgConfig REQUIRED)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

function(foreign_from_pkg_config name module)
    pkg_check_modules(${name} REQUIRED QUIET IMPORTED_TARGET ${module})
    add_library(foreign_${name} INTERFACE)
    target_link_libraries(foreign_${name} INTERFACE PkgConfig::${name})
endfunction()

foreign_from_pkg_config(sodium libsodium)
foreign_from_pkg_config(crypto libcrypto)
foreign_from_pkg_config(ssl libssl)
foreign_from_pkg_config(msgpack msgpack)
foreign_from_pkg_config(sqlite3 sqlite3)
foreign_from_pkg_config(websockets libwebsockets)
foreign_from_pkg_config(curl libcurl)
foreign_from_pkg_config(rhonabwy librhonabwy)
foreign_from_pkg_config(jansson jansson)
foreign_from_pkg_config(seccomp libseccomp)
foreign_from_pkg_config(srtp libsrtp2)

# libev ships no pkg-config file.
find_library(EV_LIBRARY ev REQUIRED)
find_path(EV_INCLUDE ev.h REQUIRED)
add_library(foreign_ev INTERFACE)
target_include_directories(foreign_ev SYSTEM INTERFACE ${EV_INCLUDE})
target_link_libraries(foreign_ev INTERFACE ${EV_LIBRARY})

add_library(foreign_threads INTERFACE)
target_link_libraries(foreign_threads INTERFACE Threads::Threads)
