//! The proxies, each with the smallest configuration. In: nothing. Out: a table.
//!
//! Next: `products/web.rs` for servers that also pass on, `products/proxy.rs` for those that do nothing else.

mod proxy;
mod web;

use super::product::Product;
use super::reader::Front;

const HTTP_1: &[Front] = &[Front::Http1];
const BOTH: &[Front] = &[Front::Http1, Front::Http2];

/// Every proxy, in the order of the table.
pub(crate) static PRODUCTS: &[&Product] = &[
    &web::NGINX,
    &proxy::HAPROXY,
    &proxy::VARNISH,
    &web::APACHE,
    &web::LIGHTTPD,
    &web::CADDY,
    &proxy::SQUID,
    &proxy::NGHTTPX,
    &proxy::PUSHPIN,
    &proxy::TINYPROXY,
    &web::H2O,
    &proxy::PRIVOXY,
];
