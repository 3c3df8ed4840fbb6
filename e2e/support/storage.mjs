// The page's IndexedDB, looked at and tampered with from a script in the page.

/** Runs `act(database, argument)` in the page on a connection of its own; resolves when its transaction is complete. */
const inDatabase = (page, mode, act, argument) => page.evaluate(async ([mode, act, argument]) => {
  const [{ name }] = (await indexedDB.databases()).filter((it) => it.name.startsWith('switchboard'));
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const database = await done(indexedDB.open(name));
  const transaction = database.transaction([...database.objectStoreNames], mode);
  const complete = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  const request = new Function('transaction', 'argument', `return (${act})(transaction, argument)`)(transaction, argument);
  const result = request && await done(request);
  await complete;
  database.close();
  return result;
}, [mode, act.toString(), argument]);

/** Every value of a store, by key. */
export const rowsOf = (page, store) =>
  inDatabase(page, 'readonly', (transaction, name) => transaction.objectStore(name).getAll(), store);

/** Puts values into a store: `[key, value]` each. */
export const putRows = (page, store, rows) =>
  inDatabase(page, 'readwrite', (transaction, [name, rows]) => {
    for (const [key, value] of rows) transaction.objectStore(name).put(value, key);
  }, [store, rows]);

/** A row of the outbox, as the app writes it. */
export const pendingRow = ({ id, conversation, text, order, at = Date.now() }) =>
  [id, JSON.stringify({ id, conversation, text, at, minted: at, order })];

/** The name of the app's one database. */
export const databaseName = (page) => page.evaluate(async () =>
  (await indexedDB.databases()).map(({ name }) => name).find((name) => name.startsWith('switchboard')));
