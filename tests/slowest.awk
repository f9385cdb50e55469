# Passes ctest's output on and puts the slowest ten tests in front of its closing summary.
/^[0-9]+% tests passed/ { closing = 1 }
closing { summary = summary $0 "\n"; next }
{ print; fflush() }
/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: .* [0-9.]+ sec *$/ {
    seconds = $(NF - 1)
    name = $0
    sub(/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: /, "", name)
    sub(/ *\.\.\.+ *(Passed|\*\*\*[A-Za-z ]+) +[0-9.]+ sec *$/, "", name)
    for (i = 10; i > 0 && seconds + 0 > slow[i] + 0; i--) { slow[i + 1] = slow[i]; what[i + 1] = what[i] }
    slow[i + 1] = seconds
    what[i + 1] = name
}
END {
    if (slow[1] != "") print "\nThe slowest tests:"
    for (i = 1; i <= 10 && slow[i] != ""; i++) printf "%8.1f s  %s\n", slow[i], what[i]
    printf "\n%s", summary
}
