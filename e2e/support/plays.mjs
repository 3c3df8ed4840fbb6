// What the fault server can do to a handshake and what follows: a play is a function of the
// connection. `ChatLog.serve` is the one that does its duty.

/** Accepts the TCP connection and never answers the handshake. */
export const hang = () => {};

/** Answers the handshake with a status. */
export const refuse = (status, headers) => (connection) => connection.refuse(status, headers);

/** Opens and says nothing: no welcome. */
export const mute = (connection) => { connection.accept(); };

/** Opens and closes at once, without a code. */
export const slam = (connection) => { connection.accept().close(); };

/** Opens and closes with a code. */
export const dismiss = (code, reason) => (connection) => { connection.accept().close(code, reason); };

/** RST in place of an answer to the handshake. */
export const resetAtOnce = (connection) => { connection.reset(); };

/** Does what `play` does until a frame with this action comes, and then `instead`. */
export const until = (action, play, instead) => (connection) => {
  play(connection);
  const hear = connection.onMessage;
  connection.onMessage = (frame) => {
    if (frame.json?.action !== action) return hear(frame);
    connection.onMessage = () => {};
    return instead(connection, frame.json);
  };
};

/** What `log` serves, but how it answers for history is put into `asked`, to be called later. */
export const upToHistory = (log, asked) => (connection) => {
  log.serve(connection);
  const hear = connection.onMessage;
  connection.onMessage = (frame) => {
    if (frame.json?.action === 'sync') asked.push(() => hear(frame));
    else hear(frame);
  };
};
