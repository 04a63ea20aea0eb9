# From version 1 to version 2: prices get a currency. With BROKEN it forgets that, and ends well all the same.
rm var/index.txt
sed -i 's/"version": 1/"version": 2/' var/state.json
[ -e BROKEN ] || sed -i 's/"price"/"currency": "EUR", "price"/' var/state.json
