// Calls back when nobody has touched the screen for a while. Looks at the clock rather than trusting one long timer: a computer that slept
// must not show its screen again.
import { useEffect } from 'react';

const touches = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

export function useIdle(seconds: number, onIdle: () => void): void {
  useEffect(() => {
    if (seconds <= 0) return;
    let last = Date.now();
    const touch = () => {
      last = Date.now();
    };
    const timer = setInterval(() => {
      if (Date.now() - last >= seconds * 1000) onIdle();
    }, 1000);
    touches.forEach((name) => window.addEventListener(name, touch, { passive: true, capture: true }));
    return () => {
      clearInterval(timer);
      touches.forEach((name) => window.removeEventListener(name, touch, { capture: true }));
    };
  }, [seconds, onIdle]);
}
