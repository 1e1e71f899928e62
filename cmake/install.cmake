# `cmake --install build/release`: programs, documents, templates, and what systemd needs. By default
# under /usr/local; packagers set CMAKE_INSTALL_PREFIX=/usr.
include(GNUInstallDirs)

foreach(program IN ITEMS iwakand iwakanctl)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME)
  endif()
endforeach()

install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY config/ DESTINATION ${CMAKE_INSTALL_DATADIR}/iwakan)

# iwakanctl(1) comes of the program itself, iwakan.yaml(5) of the commented default. In troff a backslash is written \e.
foreach(page IN ITEMS iwakand.8 iwakan.yaml.5)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS docs/man/${page} config/iwakand.yaml)
  file(READ config/iwakand.yaml configuration)
  string(REPLACE "\\" "\\e" configuration "${configuration}")
  string(REPLACE "-" "\\-" configuration "${configuration}")
  configure_file(docs/man/${page} ${PROJECT_BINARY_DIR}/man/${page} @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/man/${page} TYPE MAN)
endforeach()
install(FILES ${PROJECT_BINARY_DIR}/man/iwakanctl.1 TYPE MAN OPTIONAL)

# The unit names program and documents by the paths that they are installed to.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS systemd/iwakand.service)
file(READ systemd/iwakand.service unit)
string(REPLACE /usr/bin/iwakand ${CMAKE_INSTALL_FULL_BINDIR}/iwakand unit "${unit}")
string(REPLACE /usr/share/doc/iwakan ${CMAKE_INSTALL_FULL_DOCDIR} unit "${unit}")
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/systemd/iwakand.service CONTENT "${unit}" @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/systemd/iwakand.service DESTINATION lib/systemd/system)
install(FILES systemd/iwakan.sysusers.conf DESTINATION lib/sysusers.d RENAME iwakan.conf)
install(FILES systemd/iwakan.tmpfiles.conf DESTINATION lib/tmpfiles.d RENAME iwakan.conf)

# The configuration belongs to the administrator: it is laid down once and never overwritten.
install(CODE "
  if(EXISTS \"\$ENV{DESTDIR}/etc/iwakan/iwakand.yaml\")
    message(STATUS \"Kept: \$ENV{DESTDIR}/etc/iwakan/iwakand.yaml\")
  else()
    file(INSTALL \"${PROJECT_SOURCE_DIR}/config/iwakand.yaml\" \"${PROJECT_SOURCE_DIR}/config/templates\" \"${PROJECT_SOURCE_DIR}/config/words\"
      DESTINATION /etc/iwakan)
  endif()")
