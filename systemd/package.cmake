# driftkeeper_VERSION_amd64.deb, by `cmake --workflow --preset package` or `cpack` in a build folder whose prefix is /usr.
set(DRIFTKEEPER_PACKAGE_VERSION ${PROJECT_VERSION} CACHE STRING "Version of the package")
set(DRIFTKEEPER_PACKAGE_CONTACT "driftkeeper authors <packages@driftkeeper.invalid>" CACHE STRING "Maintainer of the package")
set(debian ${CMAKE_CURRENT_SOURCE_DIR}/debian)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME driftkeeper)
set(CPACK_PACKAGE_VERSION ${DRIFTKEEPER_PACKAGE_VERSION})
set(CPACK_PACKAGE_CONTACT ${DRIFTKEEPER_PACKAGE_CONTACT})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "reports when live infrastructure no longer matches Git")
set(CPACK_PACKAGE_DESCRIPTION "driftkeeper checks out infrastructure-as-code repositories and compares them
with live infrastructure through Terraform, OpenTofu, Terragrunt, Kubernetes,
Flux, Argo CD and CloudFormation. For every difference it reports which side
moved: a live change, or a commit that was never applied. Each drift is
alerted once and resolved once, in chat, mail and paging tools. Prometheus
scrapes it, systemd runs it. It never changes infrastructure.")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR})
set(CPACK_SET_DESTDIR ON)
option(DRIFTKEEPER_DEBUG_PACKAGE "Also make driftkeeper-dbgsym: large" OFF)
if(DRIFTKEEPER_DEBUG_PACKAGE)
    set(CPACK_DEBIAN_DEBUGINFO_PACKAGE ON) # strips, too
else()
    set(CPACK_STRIP_FILES ON)
endif()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
# The tools themselves are the operator's choice, terraform is not even in Debian.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd, init-system-helpers (>= 1.54), ca-certificates, openssh-client")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "awscli, git-lfs, kubernetes-client, prometheus, prometheus-alertmanager")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${debian}/conffiles ${debian}/postinst ${debian}/prerm ${debian}/postrm)

# The changelog is dated by the last commit: same source, same text.
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
    execute_process(COMMAND git log -1 --format=%ct WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE committed
        OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(committed)
        set(ENV{SOURCE_DATE_EPOCH} ${committed})
    endif()
endif()
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(debian/changelog.in changelog @ONLY)
driftkeeper_install_packed(${CMAKE_CURRENT_BINARY_DIR}/changelog ${documents} changelog)
install(FILES debian/copyright DESTINATION ${documents})
install(FILES debian/lintian-overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME driftkeeper)
include(CPack)
