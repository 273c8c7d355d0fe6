// page -- the example's own script: what a page around the frame learns, and what it may do.
const frame = document.querySelector("enrum-conversation, enrum-journal");
const state = document.querySelector("#state");

const room = new URLSearchParams(location.search).get("room");
if (room !== null) frame.setAttribute("room", room);

function draw() {
  const words = { starting: "Samtalet laddas …", needed: "Du är inte inloggad.", in: "Du är inloggad." }[frame.state.login];
  state.textContent = frame.unread === 0 ? words : `${words} Olästa meddelanden: ${frame.unread}`;
}

frame.addEventListener("enrum-state", draw);
frame.addEventListener("enrum-unread", draw);
draw();

document.querySelector("#leave").addEventListener("click", () => frame.leave());
