//! A hundred made-up histories, and what must be true of every one of them.

mod acts;
mod asked;
mod history;

mod beside;
mod changes;
mod days;
mod known;
mod order;
mod powers;
mod touched;
