import { Modal } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTexts } from '../text/language.tsx';

/**
 * A dialog in front of the screen, closed by Esc, outside or its button; without `onClose` it stays
 * until it is answered. Its head is no `<header>`: a page has one banner.
 */
export function Dialog({
  title,
  onClose,
  size = 'lg',
  children,
}: {
  readonly title: string;
  readonly onClose?: () => void;
  readonly size?: 'md' | 'lg';
  readonly children: ReactNode;
}) {
  const texts = useTexts();
  const before = useRef(document.activeElement);
  // Gone from one moment to the next, it leaves the keyboard nowhere: back to where it came from.
  useEffect(
    () => () =>
      void setTimeout(() => {
        const { current } = before;
        if (document.activeElement === document.body && current instanceof HTMLElement)
          current.focus();
      }),
    [],
  );
  return (
    <Modal.Root
      opened
      onClose={onClose ?? (() => {})}
      closeOnEscape={onClose !== undefined}
      closeOnClickOutside={onClose !== undefined}
      lockScroll={false}
      size={size}
    >
      <Modal.Overlay />
      <Modal.Content>
        <div className="dialog-head">
          <Modal.Title>{title}</Modal.Title>
          {onClose && <Modal.CloseButton aria-label={texts.close} />}
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
