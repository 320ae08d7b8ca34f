//! What the kernel holds of a connection on this machine.

use std::fs;
use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use rustix::io::ioctl_fionread;
use tokio::net::TcpStream;

/// Bytes that have come and were not taken.
///
/// # Errors
/// When the kernel does not say.
pub fn came(stream: &TcpStream) -> anyhow::Result<u64> {
    Ok(ioctl_fionread(stream)?)
}

/// The far end of a connection, even when this end is no more.
pub struct FarEnd {
    far: String,
    near: String,
}

impl FarEnd {
    /// That of a connection that is open.
    ///
    /// # Errors
    /// When it is not.
    pub fn of(stream: &TcpStream) -> anyhow::Result<Self> {
        Ok(Self { far: in_hex(stream.peer_addr()?)?, near: in_hex(stream.local_addr()?)? })
    }

    /// Bytes that it has sent and that have not come; none where it has nothing any more (proc(5),
    /// `/proc/net/tcp`).
    ///
    /// # Errors
    /// When the kernel does not say.
    pub fn queued(&self) -> anyhow::Result<u64> {
        queued_in(&fs::read_to_string("/proc/net/tcp")?, &self.far, &self.near)
    }
}

fn queued_in(table: &str, far: &str, near: &str) -> anyhow::Result<u64> {
    let rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let is_it = |row: &Vec<&str>| matches!(row[..], [_, local, remote, ..] if local == far && remote == near);
    let Some(row) = rows.into_iter().find(is_it) else { return Ok(0) };
    let queues = row.get(4).context("a row lacks its queues")?;
    let (sent, _) = queues.split_once(':').context("a queue is not told")?;
    Ok(u64::from_str_radix(sent, 16)?)
}

/// An address as the table has it: each four bytes as the machine's number, then the port.
fn in_hex(address: SocketAddr) -> anyhow::Result<String> {
    let SocketAddr::V4(address) = address else { bail!("{address} stands in another table") };
    let number = u32::from_ne_bytes(address.ip().octets());
    Ok(format!("{number:08X}:{:04X}", address.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:68F5 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0100007F:68F5 0100007F:DC44 04 0001A3B0:00000007 01:00000014 00000000     0        0 0 1
   2: 0100007F:DC44 0100007F:68F5 01 00000000:00003F00 00:00000000 00000000     0        0 2 1
";

    #[test]
    fn the_far_end_s_row_is_read() {
        let of = |port| in_hex(SocketAddr::from(([127, 0, 0, 1], port))).unwrap();
        assert_eq!(of(26_869), "0100007F:68F5");
        assert_eq!(queued_in(TABLE, &of(26_869), &of(56_388)).unwrap(), 0x1_A3B0);
        assert_eq!(queued_in(TABLE, &of(56_388), &of(26_869)).unwrap(), 0);
        assert_eq!(queued_in(TABLE, &of(26_869), &of(7)).unwrap(), 0, "it is gone");
    }
}
