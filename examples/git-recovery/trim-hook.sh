#!/bin/sh
# Takes white space off the ends of lines in the files of a commit, as pre-commit's trailing-whitespace does.
files=$(git diff --cached --name-only --diff-filter=ACMR)
git diff --quiet -- $files && sed -i 's/[ \t]*$//' $files
git diff --quiet -- $files && exit 0
echo "trim trailing whitespace.................................................Failed"
echo "- hook id: trailing-whitespace"
echo "- exit code: 1"
echo "- files were modified by this hook"
exit 1
