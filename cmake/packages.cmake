# What is installed, and the Debian packages that cpack makes of it (tools/packages). Nothing of it is built by the
# presets of tests.
include(GNUInstallDirs)

# -- libenrum, shared: its static parts in one file, of which it shows what packaging/libenrum.map names. --
set(LIBENRUM_SOVERSION 0)
set(map ${CMAKE_SOURCE_DIR}/packaging/libenrum.map)
add_library(enrum_shared SHARED EXCLUDE_FROM_ALL $<TARGET_OBJECTS:enrum>)
set_target_properties(enrum_shared PROPERTIES
    OUTPUT_NAME enrum
    VERSION ${LIBENRUM_SOVERSION}.${PROJECT_VERSION}
    SOVERSION ${LIBENRUM_SOVERSION}
    LINK_DEPENDS ${map})
get_target_property(used enrum LINK_LIBRARIES)
target_link_libraries(enrum_shared PRIVATE ${used})
target_link_options(enrum_shared PRIVATE -Wl,--version-script=${map} -Wl,--no-undefined
    -Wl,-z,relro,-z,now,-z,noexecstack)

# -- What somebody else's program may be: it sees of libenrum what its packages install, and no more. --
add_custom_target(examples)
foreach(name kiosk service)
    add_executable(${name} EXCLUDE_FROM_ALL examples/${name}.c)
    target_link_libraries(${name} PRIVATE enrum_shared house_flags)
    add_dependencies(examples ${name})
endforeach()

# -- Installed --
configure_file(${CMAKE_SOURCE_DIR}/packaging/enrum.pc.in ${CMAKE_BINARY_DIR}/enrum.pc @ONLY)
set(man ${CMAKE_BINARY_DIR}/man) # tools/man.mjs
set(sbom ${CMAKE_BINARY_DIR}/sbom) # tools/sbom.mjs

if(NOT ENRUM_FUZZ)
    install(TARGETS enrumd DESTINATION ${CMAKE_INSTALL_SBINDIR} COMPONENT host)
    install(TARGETS enrum-keeper DESTINATION ${CMAKE_INSTALL_SBINDIR} COMPONENT keeper)
    install(TARGETS enrum-cli DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT cli)
endif()
install(TARGETS enrum_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    COMPONENT lib NAMELINK_COMPONENT dev OPTIONAL)
install(FILES packaging/host/enrumd.service DESTINATION lib/systemd/system COMPONENT host)
install(FILES packaging/host/enrumd.json DESTINATION ${CMAKE_INSTALL_DOCDIR}-host/examples COMPONENT host)
install(FILES packaging/keeper/enrum-keeper@.service DESTINATION lib/systemd/system COMPONENT keeper)
install(FILES ${man}/enrumd.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8 COMPONENT host OPTIONAL)
install(FILES ${man}/enrum-keeper.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8 COMPONENT keeper OPTIONAL)
install(FILES ${man}/enrum.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT cli OPTIONAL)

install(DIRECTORY client-sdk/c/include/ DESTINATION include/enrum COMPONENT dev)
install(DIRECTORY protocol DESTINATION include/enrum COMPONENT dev
    FILES_MATCHING PATTERN "*.h" PATTERN "*.def")
foreach(header buffer clock secret slice)
    install(FILES server/base/${header}.h DESTINATION include/enrum/base COMPONENT dev)
endforeach()
install(FILES ${CMAKE_BINARY_DIR}/enrum.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)

foreach(row "host|enrum-host" "keeper|enrum-keeper" "cli|enrum" "lib|libenrum${LIBENRUM_SOVERSION}" "dev|libenrum-dev")
    row_split("${row}")
    set(doc ${CMAKE_INSTALL_DATADIR}/doc/${cell_1})
    install(FILES LICENSE DESTINATION ${doc} COMPONENT ${cell_0} RENAME copyright)
    install(FILES ${sbom}/${cell_1}.cdx.json DESTINATION ${doc} COMPONENT ${cell_0} OPTIONAL)
    string(TOUPPER ${cell_0} upper)
    set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${cell_1})
    set(CPACK_DEBIAN_${upper}_FILE_NAME DEB-DEFAULT)
endforeach()

# -- Packages --
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The makers of Enrum <enrum@enrum.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL host keeper cli lib dev)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_COMPONENT_HOST_DESCRIPTION "Enrum's host: orders, stores and delivers what it cannot read")
set(CPACK_COMPONENT_KEEPER_DESCRIPTION "Enrum's keeper: a board's keys, staff and record")
set(CPACK_COMPONENT_CLI_DESCRIPTION "Enrum's command line: a person's or a program's device")
set(CPACK_COMPONENT_LIB_DESCRIPTION "Enrum's client library")
set(CPACK_COMPONENT_DEV_DESCRIPTION "Enrum's client library: headers")
# evlib-ev is loaded by libwebsockets when it starts: no tool can see it.
set(CPACK_DEBIAN_HOST_PACKAGE_DEPENDS "adduser, libwebsockets-evlib-ev")
set(CPACK_DEBIAN_KEEPER_PACKAGE_DEPENDS "adduser, ca-certificates")
set(CPACK_DEBIAN_CLI_PACKAGE_DEPENDS "ca-certificates")
set(CPACK_DEBIAN_LIB_PACKAGE_DEPENDS "ca-certificates")
set(CPACK_DEBIAN_LIB_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libenrum${LIBENRUM_SOVERSION} (= ${PROJECT_VERSION}), libsodium-dev")
foreach(who host keeper)
    string(TOUPPER ${who} upper)
    set(scripts ${CMAKE_SOURCE_DIR}/packaging/${who})
    set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA ${scripts}/postinst ${scripts}/prerm ${scripts}/postrm)
endforeach()
include(CPack)
