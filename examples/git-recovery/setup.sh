# Makes a remote in a folder, two checkouts of it, and a commit in each, of which one is pushed.
set -eu
git init -q --bare -b main remote.git
for who in theirs mine; do
  git clone -q remote.git "$who" 2>/dev/null
  git -C "$who" config user.name "$who"
  git -C "$who" config user.email "$who@example.com"
done
cd theirs
git checkout -q -b main
echo "1.00 bread" > prices.txt
git add prices.txt
git commit -q -m "Prices"
git push -q -u origin main
cd ../mine
git pull -q origin main
git branch -q -m main 2>/dev/null || git checkout -q main
git branch -q --set-upstream-to origin/main
echo hello > mine.txt
git add mine.txt
git commit -q -m "Mine"
cd ../theirs
echo hello > theirs.txt
git add theirs.txt
git commit -q -m "Theirs"
git push -q
