//! `sync`: a page of the log, and word to its authors that someone has caught up.

use std::collections::BTreeSet;

use switchboard_protocol::{
    Message, ServerFrame, UserId,
    client::Sync,
    limits::{DEFAULT_PAGE_MESSAGES, MAX_PAGE_BYTES, MAX_PAGE_MESSAGES},
    server::{Delivery, NackCode, Page},
};

use crate::{
    backend::Backend,
    event::Event,
    frames,
    ports::{Clock, Post},
    response::{HandlerError, Response},
    roster,
    store::{PageRequest, Place, Store},
};

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    pub(crate) async fn sync(&self, event: &Event, body: &str) -> Result<Response, HandlerError> {
        let sync: Sync = match crate::body::object(body) {
            Ok(sync) => sync,
            Err(reason) => return self.malformed(event, body, &reason).await,
        };
        let place = match (sync.after, sync.before) {
            (Some(after), None) => Place::After(after),
            (None, Some(before)) => Place::Before(before),
            (None, None) => Place::Newest,
            (Some(_), Some(_)) => {
                return self.malformed(event, body, "both after and before").await;
            }
        };
        let (row, user) = match self.known(event).await? {
            Ok(known) => known,
            Err(refused) => return Ok(refused),
        };
        if !sync.conv.includes(&user) {
            return self.nack(&row, None, NackCode::Forbidden).await;
        }
        let limit = sync.limit.unwrap_or(DEFAULT_PAGE_MESSAGES);
        let request = PageRequest {
            conv: sync.conv.clone(),
            place,
            limit: usize::try_from(limit.clamp(1, MAX_PAGE_MESSAGES)).unwrap_or(1),
            max_bytes: MAX_PAGE_BYTES,
        };
        let epoch = self.store.epoch().await?;
        let piece = self.store.page(&request).await?;
        let reached_head = piece.covered == piece.head;
        let authors = others(&piece.messages, &user);
        let page = Page {
            rid: sync.rid,
            conv: sync.conv.clone(),
            after: piece.after,
            messages: piece.messages,
            covered: piece.covered,
            head: piece.head,
            epoch,
        };
        self.reply(&row, &ServerFrame::Page(page)).await?;
        // The lobby has no list of those who should be reached.
        if reached_head && !sync.conv.is_lobby() && !authors.is_empty() {
            let delivery = ServerFrame::Delivery(Delivery {
                conv: sync.conv,
                seq: piece.covered,
                to: vec![user],
            });
            let recipients = roster::own(self.connections_of(&authors).await?);
            self.fan_out(&recipients, &frames::encode(&delivery)?).await;
        }
        Ok(Response::ok("Page sent."))
    }
}

/// Who else wrote these; at most as many as a conversation has participants.
fn others(messages: &[Message], reader: &UserId) -> Vec<UserId> {
    let authors: BTreeSet<&UserId> = messages.iter().map(|message| &message.from).collect();
    authors
        .into_iter()
        .filter(|author| *author != reader)
        .cloned()
        .collect()
}
