# Completion of driftkeeper for bash. The program itself completes: `driftkeeper complete -- WORDS…` prints
# one word a line; ":FILE" and ":DIR" stand for what the shell knows.
_driftkeeper() {
    local program=${COMP_WORDS[0]/#\~/$HOME} current=${COMP_WORDS[COMP_CWORD]} line
    [ "$current" = "=" ] && current=""
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            :FILE)
                compopt -o filenames 2>/dev/null
                while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
                ;;
            :DIR)
                compopt -o filenames 2>/dev/null
                while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$current")
                ;;
            ?*)
                printf -v line %q "$line"
                COMPREPLY+=("$line")
                ;;
        esac
    done < <("$program" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _driftkeeper driftkeeper
