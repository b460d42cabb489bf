// Shows what the centre sends while no page is open. It answers no request of any page.

const PAGE = "/account/notifications";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => event.waitUntil(show(event.data.json())));

async function show({ key, title, alert }) {
  const tag = alert ? `alert-${alert}` : "test";
  const shown = await self.registration.getNotifications({ tag });
  await self.registration.showNotification(title, {
    tag, // the newest of an alert takes the place of the one before
    renotify: !shown.some((one) => one.data.key === key), // a repeat makes no second noise
    data: { key, path: alert ? `/alerts/${alert}` : PAGE },
  });
}

// The browser's maker has ended the subscription: silence would look like a quiet night.
self.addEventListener("pushsubscriptionchange", (event) =>
  event.waitUntil(
    self.registration.showNotification(WORDS.stopped, {
      tag: "stopped", requireInteraction: true, data: { path: PAGE },
    }),
  ),
);

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.path));
});

// Never leads a page elsewhere: somebody may be typing there.
async function open(path) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((one) => new URL(one.url).pathname === path);
  await (there ? there.focus() : self.clients.openWindow(path));
}
