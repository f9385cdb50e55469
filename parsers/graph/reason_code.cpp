#include "parsers/graph/reason_code.hpp"

#include <algorithm>
#include <array>

namespace driftkeeper {
namespace {

using enum ReasonCode::Area;

constexpr std::string_view again = "Nothing to do; the next check tries again.";
constexpr std::string_view makeRoom =
    "Free space on the file system of the state directory; see Sizing in the operations guide.";
constexpr std::string_view checkStateDirectory =
    "Check owner, mode and free space of the state directory.";
constexpr std::string_view reportBug = "Report a bug, with the version of the program.";

constexpr auto reasonTable = std::to_array<ReasonCode>({
    {"not_checked_yet", AnyStack, "No check of the stack has ended yet.",
     "Wait, or run `driftkeeper run STACK`; if it stays, look for the error of its repository in "
     "the log."},
    {"moving", AnyStack, "The state or the repository changed during three checks in a row.",
     again},
    {"timeout", AnyStack, "The check took longer than its timeout.",
     "Raise `timeout` for this stack, or split the stack."},
    {"stopped", AnyStack, "The daemon stopped during the check.",
     "Nothing to do; the stack is checked after the next start."},
    {"setup", AnyStack, "The provider or the private folder of the stack could not be set up.",
     checkStateDirectory},
    {"unsupported", AnyStack, "driftkeeper cannot check this kind of stack.",
     "Choose another `provider`, or set `enabled: false` for the stack."},
    {"unreadable_resources", AnyStack,
     "Some resources could not be read; nothing is resolved by this check.",
     "Grant read access to the resources that the diagnostics name."},
    {"credentials", AnyStack, "A provider, backend, cluster or cloud refused the credentials.",
     "Renew the credentials, or correct `environment` or `environment_file` of the stack or "
     "provider."},
    {"unreachable", AnyStack, "An API or the destination of a channel cannot be reached.",
     "Check network, DNS, proxy, TLS and, for AWS, `endpoint_url`; it is tried again "
     "automatically."},
    {"bad_environment_file", AnyStack,
     "A line of the `environment_file` of the stack is not NAME=VALUE.",
     "Correct the line; the reason names it."},
    {"file_unreadable", AnyStack,
     "A file of the daemon, or one that the settings name, cannot be read.",
     "Check its owner and mode: the user driftkeeper must be able to read it."},
    {"file_unwritable", AnyStack, "A file of the daemon cannot be written.", checkStateDirectory},
    {"directory_unwritable", AnyStack, "A directory of the daemon cannot be created or written.",
     checkStateDirectory},
    {"private_directory", AnyStack, "The private folder of the stack cannot be used.",
     checkStateDirectory},
    {"disk_full", AnyStack, "The disk is full.", makeRoom},
    {"tool_missing", AnyStack, "The program is not installed where driftkeeper looks for it.",
     "Install it on PATH, or set `providers.NAME.program`."},
    {"tool_not_started", AnyStack, "The program exists and does not start.",
     "Check its execute permission, its libraries, `noexec` mounts, and whether its file system "
     "answers."},
    {"tool_too_old", AnyStack, "The program is older than the stack or driftkeeper needs.",
     "Install a newer version; for Terraform and OpenTofu, `providers.NAME.programs` can hold "
     "several."},
    {"tool_crashed", AnyStack, "The program crashed or was killed.",
     "Check memory first: `journalctl -k` and MemoryMax of the unit; then try another version of "
     "the program."},
    {"output_unreadable", AnyStack, "The program printed something that driftkeeper cannot parse.",
     reportBug},
    {"resource_limit", AnyStack, "The check used more of the host than `checks.limits` allows.",
     "Raise the limit that the reason names, or split the stack; if it never used as much, check "
     "what its last commit runs."},
    {"output_too_large", AnyStack, "The program printed more than driftkeeper accepts.",
     "Split the stack."},
    {"invalid_json", AnyStack, "The answer of a program is not valid JSON.", reportBug},
    {"broken_configuration", AnyStack, "The files in Git are not valid for their tool.",
     "Fix them in Git; `driftkeeper check DIR` reproduces the error."},
    {"settings", AnyStack, "A reload of the settings failed; the previous settings stay in force.",
     "Run `driftkeeper config check`, correct the file and reload."},
    {"bad_matcher", AnyStack, "The matcher of a silence is not valid.",
     "Correct the matcher; `driftkeeper silence --help` has examples."},

    {"state_locked", Terraform, "Somebody holds the lock of the state, usually a running apply.",
     "Wait for the apply to end; if none runs, remove the stale lock with `force-unlock`."},
    {"init_failed", Terraform,
     "`init` could not fetch modules or providers, or not open the backend.",
     "Check access to registries, Git and the backend, and the credentials for them."},
    {"lock_file_changed", Terraform,
     "`init` would choose other providers than the lock file in Git.",
     "Commit the lock file with hashes for this platform: `terraform providers lock`."},
    {"missing_variable", Terraform, "A variable has no value.",
     "Set `variable_files`, or TF_VAR_NAME in `environment` of the stack."},
    {"workspace_missing", Terraform, "The workspace does not exist.",
     "Create it, or correct `workspace` of the stack."},
    {"no_state_in_checkout", Terraform,
     "The state is a local file with a relative path, which Git does not hold.",
     "Use a shared backend, or an absolute path."},
    {"remote_execution", Terraform, "The backend runs plans itself and hands out none.",
     "Set the workspace to local execution."},
    {"provider_crashed", Terraform, "A provider plugin crashed.",
     "Check the memory of the host, then try another version of the provider."},
    {"provider_error", Terraform, "A provider reported an error for the whole plan.",
     "Check the configuration of the provider and the API of the cloud; the diagnostics hold the "
     "error."},
    {"state_lost", Terraform,
     "The state is empty or another one than before, and what was in it is not in it any more.",
     "Restore the state from the backend's versions or a backup, or correct the backend's "
     "settings; an apply now would create everything a second time."},
    {"state_unreadable", Terraform, "The state cannot be read.",
     "Check the backend, its credentials and its network."},
    {"invalid_state", Terraform, "What the backend returned is not a state.",
     "Inspect it by hand with `terraform state pull`."},
    {"encrypted_state", Terraform, "The state is encrypted and cannot be decrypted.",
     "Set TF_ENCRYPTION in `environment`, or add an `encryption` block."},
    {"invalid_plan", Terraform, "The plan is not in the format that driftkeeper expects.",
     reportBug},
    {"invalid_plan_file", Terraform, "The plan file is not in the format that driftkeeper expects.",
     reportBug},
    {"invalid_schema", Terraform,
     "The provider schema is not in the format that driftkeeper expects.", reportBug},
    {"unsupported_plan_format", Terraform,
     "The tool writes plans in a newer format than driftkeeper reads.",
     "Upgrade driftkeeper, or choose an older tool with `providers.NAME.programs`."},
    {"no_fitting_version", Terraform,
     "No configured program has the version that the stack asks for.",
     "Add that version to `providers.NAME.programs`."},
    {"plan_narrowed", Terraform,
     "Arguments such as `-refresh=false` or `-target` narrowed the plan: not everything was "
     "checked.",
     "Take them out of `extra_arguments`, wrappers and settings for plans; a check has to cover "
     "everything."},
    {"not_compared", Terraform,
     "The stack is an inventory: its state is read and compared with nothing.", "Nothing to do."},

    {"mock_outputs", Terragrunt, "Mock outputs stood in for the outputs of a dependency.",
     "Apply the dependency, or leave `plan` out of `mock_outputs_allowed_terraform_commands`."},
    {"dependency_unapplied", Terragrunt, "A dependency of the unit has no outputs yet.",
     "Apply the dependency first."},
    {"no_plan", Terragrunt, "Terragrunt succeeded and planned nothing.",
     "Check whether the unit is excluded or skipped."},
    {"terragrunt_needs_git", Terragrunt,
     "The unit asks Git for its root, and there is no repository around it.",
     "Use `find_in_parent_folders` instead of `get_repo_root`, or make the tree a repository."},
    {"terragrunt_failed", Terragrunt, "Terragrunt failed.",
     "Fix the unit or what it includes; `driftkeeper check DIR` reproduces the error."},

    {"kubeconfig", Kubernetes, "There is no usable kubeconfig.",
     "Set `kubeconfig` and `context`, or KUBECONFIG in `environment`; the user driftkeeper must be "
     "able to read the "
     "file."},
    {"forbidden", Kubernetes, "The Kubernetes API denies a permission.",
     "Grant get, list and patch on the kinds that the stack declares; the operations guide has a "
     "ClusterRole."},
    {"crd_missing", Kubernetes, "The cluster does not know a type of object that Git declares.",
     "Install its CustomResourceDefinition."},
    {"namespace_missing", Kubernetes, "The namespace does not exist.",
     "Create it, or correct the manifest."},
    {"webhook", Kubernetes, "An admission webhook made the dry run fail.",
     "Bring the webhook up; it must declare `sideEffects: None` or NoneOnDryRun."},
    {"object_refused", Kubernetes, "The Kubernetes API rejects the object that Git declares.",
     "Correct the manifest in Git."},
    {"remote_base", Kubernetes,
     "The kustomization or chart needs files that are not in the repository.",
     "Keep a copy of them in the repository; driftkeeper fetches nothing."},
    {"chart_in_kustomization", Kubernetes,
     "The kustomization brings in a Helm chart, which kubectl does not do by itself.",
     "Check what applies it (Argo CD, Flux), or leave the folder out with `discover.exclude`."},
    {"nothing_to_check", Kubernetes, "The folder holds no objects.",
     "Correct `path` or `provider` of the stack."},
    {"kubectl_failed", Kubernetes, "kubectl or helm failed.",
     "Run the command by hand with the kubeconfig and environment of the stack."},

    {"reconciling", Reconcilers, "The reconciler is still at work.", again},
    {"reconciler_failing", Reconcilers, "The reconciler fails; live may be behind Git.",
     "Fix the error in its status: `flux get all` or `argocd app get NAME`."},
    {"reconciler_stalled", Reconcilers, "The reconciler gave up until its object changes.",
     "Fix the error in its status, and commit the change."},
    {"reconciler_suspended", Reconcilers, "Somebody suspended the reconciler.",
     "Resume it; nothing is applied until then."},
    {"reconciler_stale", Reconcilers, "The reconciler has not run for a long time.",
     "Check that its controller runs."},
    {"failing", Reconcilers, "An incident: the reconciler fails, so Git does not reach live.",
     "Fix the error in its status: `flux get all` or `argocd app get NAME`."},
    {"stalled", Reconcilers, "An incident: the reconciler gave up until its object changes.",
     "Fix the error in its status, and commit the change."},
    {"suspended", Reconcilers,
     "An incident: somebody suspended the reconciler, so Git does not reach live.",
     "Resume it, or silence the stack while the suspension is intended."},
    {"stale", Reconcilers, "An incident: the reconciler has not run for a long time.",
     "Check that its controller runs."},
    {"several", Reconcilers,
     "An incident: several reconcilers of a stack are in trouble for different reasons.",
     "Fix each of them; the alert names them."},
    {"comparison_failed", Reconcilers, "Argo CD cannot compare the Application with the cluster.",
     "Fix the condition that `argocd app get NAME` shows."},
    {"invalid_spec", Reconcilers, "Argo CD rejects the spec of the Application.",
     "Correct the Application in Git."},
    {"source_unknown", Reconcilers,
     "The source of a Kustomization is missing, or has fetched nothing yet.",
     "Declare the source, and check that it is ready."},
    {"not_listed", Reconcilers, "A declared object was not listed.",
     "Grant the right to list it, or add its namespace to `namespaces`."},
    {"token_file", Reconcilers, "The token for the server of Argo CD cannot be read.",
     "Check `token_file`; `server` must use https."},
    {"argocd_failed", Reconcilers, "The server of Argo CD answered with an error.",
     "Check `server` and whether the account of the token may get applications."},

    {"access_denied", CloudFormation, "AWS denied a permission.",
     "Attach the policy in the operations guide, and read access to the services that the stack "
     "uses."},
    {"no_region", CloudFormation, "The region is not known.",
     "Set `region` of the stack, or AWS_REGION in `environment`."},
    {"no_stack_name", CloudFormation, "The name of the stack does not follow from its files.",
     "Set `stack_name` of the stack."},
    {"no_template", CloudFormation, "There is no template to check.",
     "Set `template` of the stack."},
    {"throttled", CloudFormation, "AWS throttled the requests for longer than a check waits.",
     "Raise `every`, or check fewer stacks at once; the limits are shared with whoever deploys."},
    {"service_error", CloudFormation, "AWS reported an internal error.", again},
    {"stack_missing", CloudFormation, "The account and region have no stack of this name.",
     "Deploy it, correct `stack_name` or `region`, or delete the template."},
    {"stack_busy", CloudFormation, "The stack is being changed.", again},
    {"detection_running", CloudFormation, "Another drift detection of the stack is running.",
     again},
    {"stack_failed", CloudFormation,
     "The stack is in a state in which CloudFormation compares nothing.",
     "Repair it, for example with `continue-update-rollback`, or deploy it again."},
    {"detection_failed", CloudFormation, "The drift detection failed for some resources.",
     "Grant read access to the services of these resources."},
    {"detection_timeout", CloudFormation, "The drift detection did not end in time.",
     "Raise `detection_timeout` or `timeout`."},
    {"broken_template", CloudFormation, "The template or its parameters cannot be read.",
     "Fix them in Git."},
    {"tool_failed", CloudFormation, "`aws` failed.",
     "Run it by hand with the environment of the stack."},

    {"git_unreachable", Repositories, "The Git host cannot be reached.",
     "Check the host in `url`, DNS, proxy and firewall; it is tried again automatically."},
    {"git_timeout", Repositories, "The Git host did not answer in time.",
     "Check the host in `url`, proxy and firewall; it is tried again automatically."},
    {"git_credentials", Repositories, "The Git host refused the credentials.",
     "Set `credentials`: `username` with `password_file`, or `ssh_key_file`; check that they may "
     "read this "
     "repository."},
    {"git_not_found", Repositories,
     "The repository does not exist, or these credentials cannot see it.",
     "Correct `url`, or grant the credentials read access."},
    {"git_no_ref", Repositories, "The repository has no such branch, tag or commit.",
     "Set `ref` to a branch, tag or commit that exists."},
    {"git_no_path", Repositories, "The folder of the stack is not in the commit.",
     "Correct `path` of the stack."},
    {"git_empty", Repositories, "The repository has no commit.", "Push one."},
    {"git_host_key", Repositories, "The SSH key of the host is unknown, or has changed.",
     "Run `ssh-keyscan HOST`, compare the fingerprint with what the host publishes, and add the "
     "line to "
     "`known_hosts_file`."},
    {"git_ssh", Repositories,
     "The program `ssh` is missing, rejects `ssh_config_file`, or shares no algorithm with the "
     "server.",
     "Install `openssh-client`, and check `ssh_config_file` of the credentials."},
    {"git_tls", Repositories, "The certificate of the host is not trusted.",
     "Set `tls_ca_file` to the authority that signed it."},
    {"git_old_tls", Repositories, "The host only offers TLS older than 1.2.",
     "Enable TLS 1.2 or newer at the host."},
    {"git_redirect", Repositories, "The host redirects to another one.",
     "Set `url` to the final address."},
    {"git_url", Repositories, "The address of the repository is not understood.",
     "Write `url` as https://, ssh://, user@host:path, file:// or a local path."},
    {"git_hostile_tree", Repositories, "The commit has file names that lead out of the repository.",
     "Find out who pushed it, and remove those files."},
    {"git_huge_file", Repositories, "A file is larger than driftkeeper reads.",
     "Keep it out of the folders of the stacks."},
    {"git_damaged", Repositories, "The local mirror is damaged.",
     "Nothing to do; it is cloned again."},
    {"git_state", Repositories, "The mirror or a checkout cannot be written.", checkStateDirectory},
    {"git_disk_full", Repositories, "There is no space left for the mirror or a checkout.",
     makeRoom},
    {"checkout_limit", Repositories, "The checkouts would use more of the disk than they may.",
     "Raise `checkouts.disk`, or watch fewer repositories."},
    {"git_sha256", Repositories, "The repository has SHA-256 object ids.",
     "Give `url` a repository with SHA-1 object ids; the others cannot be read yet."},
    {"git_shallow", Repositories, "The source of the repository is a shallow clone.",
     "Give `url` a whole repository, or run `git fetch --unshallow` there."},
    {"submodule_not_fetched", Repositories,
     "A Git submodule that the stack needs could not be fetched.",
     "Give the daemon access to its url in `.gitmodules`; `submodules: false` of the repository "
     "does without them."},
    {"lfs_not_fetched", Repositories, "A file of the stack is kept by Git LFS and is not here.",
     "Install `git-lfs` on the daemon's host, and check that its credentials may read the files."},
    {"git_crypt", Repositories, "A file of the stack is encrypted by git-crypt.",
     "Keep it out of the stack, or encrypt it in a way that the tool itself decrypts, such as "
     "SOPS."},
    {"ignore_rules_broken", Repositories,
     "The ignore rules of the repository cannot be read; the last good ones stay in force.",
     "Correct `.driftkeeper.yaml` or `.driftignore`; the alert names the line."},

    {"store_locked", Daemon, "Another daemon holds the state directory.",
     "Stop it, or give this one another `state_directory`."},
    {"store_newer", Daemon, "A newer version wrote the database.",
     "Install that version again, or restore the copy from before the upgrade."},
    {"store_full", Daemon,
     "There is no space left for the database; checks do not count until they can be stored.",
     makeRoom},
    {"store_failed", Daemon, "The database cannot be read or written.", checkStateDirectory},
    {"store_unreadable", Daemon, "`driftkeeper doctor` cannot read the database.",
     "Run it as root or as the user driftkeeper."},
    {"store_damaged", Daemon, "The database is damaged.",
     "Stop the daemon, and restore the backup of driftkeeper.db."},
    {"database_replaced", Daemon,
     "The database is empty, older than the last one, or another one: what was open is not known.",
     "Stop the daemon and restore the last backup, or close by hand what it had opened elsewhere."},
    {"check_hangs", Daemon,
     "A check did not end long after its timeout; its worker was replaced, its stack is not "
     "checked.",
     "Restart the daemon; report it with the log before it."},
    {"overload", Daemon, "Checks start late: there is more work than time.",
     "Raise `checks.parallel` or `every`, or give the host more cores and memory."},
    {"bad_destination", Daemon, "The destination of a channel refuses alerts.",
     "Check its address, token and rights with `driftkeeper channels test NAME`."},
    {"orphaned", Daemon, "A stack is gone from Git, and its state still holds resources.",
     "Destroy the resources, or bring the stack back."},
    {"state_shared", Daemon, "Two stacks keep their state in one place.",
     "Give one of them a state of its own before anybody applies it: an apply destroys what the "
     "other one made."},
    {"dual_ownership", Daemon, "Two stacks claim the same thing.",
     "Leave it to one of them: remove it from the code and the state of the others."},
});

}  // namespace

std::span<const ReasonCode> reasonCodes() noexcept {
    return reasonTable;
}

const ReasonCode* reasonCodeOf(std::string_view code) noexcept {
    const auto* const found = std::ranges::find(reasonTable, code, &ReasonCode::code);
    return found == reasonTable.end() ? nullptr : found;
}

std::string_view adviceForReason(std::string_view code) noexcept {
    const ReasonCode* known = reasonCodeOf(code);
    return known == nullptr ? "Read the error beside the code; the next check tries again."
                            : known->advice;
}

}  // namespace driftkeeper
