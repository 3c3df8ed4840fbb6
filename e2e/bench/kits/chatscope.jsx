// React with chatscope's kit as its documentation shows it, fed the same frames. State is set once
// a frame, which is kinder than once a message.
import React, { useEffect, useMemo, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import {
  Avatar, ChatContainer, Conversation, ConversationList, MainContainer, Message, MessageInput, MessageList,
  MessageSeparator, Sidebar,
} from '@chatscope/chat-ui-kit-react';
import '@chatscope/chat-ui-kit-styles/dist/default/styles.min.css';

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

function App() {
  const [logs, setLogs] = useState({});
  const [open, setOpen] = useState('lobby');
  const socket = useRef(null);
  const rid = useRef(0);
  const store = useRef({});
  useEffect(() => {
    const ws = new WebSocket(`ws://${location.host}/dev?userId=ana`);
    socket.current = ws;
    let waiting = false;
    const show = () => {
      if (waiting) return;
      setLogs({ ...store.current });
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        setLogs({ ...store.current });
      });
    };
    const send = (frame) => ws.send(JSON.stringify(frame));
    ws.onopen = () => send({ action: 'hello', v: 1, rid: (rid.current += 1), device: 'd', tab: 't' });
    ws.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      if (frame.event === 'welcome') {
        for (const id of Object.keys(frame.heads)) {
          store.current[id] = { first: 1, messages: [] };
          send({ action: 'sync', rid: (rid.current += 1), conv: id, limit: 50 });
        }
      } else if (frame.event === 'page') {
        const before = store.current[frame.conv];
        store.current[frame.conv] = { first: frame.after + 1, messages: [...frame.messages, ...before.messages] };
        show();
      } else if (frame.event === 'message') {
        const before = store.current[frame.conv];
        store.current[frame.conv] = { ...before, messages: [...before.messages, frame] };
        show();
      }
    };
    return () => ws.close();
  }, []);
  const { messages = [], first = 1 } = logs[open] ?? {};
  const rows = useMemo(() => messages.flatMap((message, n) => {
    const before = messages[n - 1];
    const date = day.format(message.at);
    const opens = before?.from !== message.from;
    return [
      ...(before && day.format(before.at) === date ? [] : [<MessageSeparator key={`day-${message.id}`} content={date} />]),
      <Message key={message.id} model={{
        message: message.content, sender: message.from, sentTime: time.format(message.at), direction: 'incoming', position: opens ? 'first' : 'normal',
      }} avatarSpacer={!opens}>
        {opens && <Message.Header sender={message.from} sentTime={time.format(message.at)} />}
        {opens && <Avatar name={message.from}><b>{message.from[0]}</b></Avatar>}
      </Message>,
    ];
  }), [messages]);
  const loadMore = () => socket.current.send(JSON.stringify({ action: 'sync', rid: (rid.current += 1), conv: open, before: first, limit: 50 }));
  return (
    <div style={{ position: 'relative', height: '100vh' }}>
      <button className="load" onClick={loadMore} style={{ position: 'absolute', zIndex: 9, right: 0 }}>Load earlier</button>
      <MainContainer>
        <Sidebar position="left">
          <ConversationList>
            {Object.entries(logs).map(([id, log]) => (
              <Conversation key={id} data-id={id} name={id} info={log.messages.at(-1)?.content} onClick={() => setOpen(id)} />
            ))}
          </ConversationList>
        </Sidebar>
        <ChatContainer>
          <MessageList>{rows}</MessageList>
          <MessageInput placeholder="Message" attachButton={false} />
        </ChatContainer>
      </MainContainer>
    </div>
  );
}

createRoot(document.getElementById('root')).render(<App />);
