#pragma once

#include <string_view>

namespace driftkeeper::terragrunt {

// Whether every output that is mocked is there for real, at any depth: then nothing that is made up
// is mixed into the real ones. `mocks`: the expression of mock_outputs; one that is no plain object
// may hold anything. `outputs`: what `output -json` printed.
bool areAllReal(std::string_view mocks, std::string_view outputs);

}  // namespace driftkeeper::terragrunt
