// The one place where Boost.Process v2 is compiled.
#include <boost/process/v2/src.hpp>
